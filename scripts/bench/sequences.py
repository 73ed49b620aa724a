"""From a clickstream file to the seed's sequences with pandas or polars. The peer of `sequences.ts`.

usage: sequences.py pandas|polars CLICKSTREAM OUTPUT_FOLDER

Writes both datasets as Parquet, as Alike does, and prints the counts as JSON; checks no row, keeps no rejects, hashes
nothing.
"""

import json
import sys
from pathlib import Path

SESSION, PRODUCT, ORDER = "session ID", "page 2 (clothing model)", "order"


def pandas_sequences(source, output):
    """Returns the rows of the clickstream and its sequences, a Series of lists by session."""
    import pandas as pd

    name = str(source)
    if name.endswith(".parquet"):
        clicks = pd.read_parquet(source)
    elif name.endswith(".jsonl"):
        clicks = pd.read_json(source, lines=True)
    else:
        clicks = pd.read_csv(source, sep=";")
    clicks.to_parquet(output / "raw_session_based_clickstream_data.parquet")
    ordered = clicks.sort_values([SESSION, ORDER], kind="stable")
    views = ordered.groupby(SESSION)[PRODUCT].transform("size")
    ordered = ordered[views >= 2]
    repeats = (ordered[PRODUCT] == ordered[PRODUCT].shift()) & (ordered[SESSION] == ordered[SESSION].shift())
    sequences = ordered[~repeats].groupby(SESSION, sort=False)[PRODUCT].agg(list)
    sequences.rename_axis("session_id").rename("chronological_product_sequence").reset_index().to_parquet(
        output / "sequential_products.parquet"
    )
    return len(clicks), sequences


def polars_sequences(source, output):
    """Returns the rows of the clickstream and its sequences, a Series of lists."""
    import polars as pl

    name = str(source)
    if name.endswith(".parquet"):
        clicks = pl.read_parquet(source)
    elif name.endswith(".jsonl"):
        clicks = pl.read_ndjson(source)
    else:
        clicks = pl.read_csv(source, separator=";")
    clicks.write_parquet(output / "raw_session_based_clickstream_data.parquet", compression="snappy")
    session, product = pl.col(SESSION), pl.col(PRODUCT)
    is_repeat = (product == product.shift()) & (session == session.shift())
    sequences = (
        clicks.lazy()
        .select(session, product, pl.col(ORDER))
        .sort(SESSION, ORDER, maintain_order=True)
        .filter(pl.len().over(SESSION) >= 2)
        .filter(~is_repeat.fill_null(False))
        .group_by(session.alias("session_id"), maintain_order=True)
        .agg(product.alias("chronological_product_sequence"))
        .collect()
    )
    sequences.write_parquet(output / "sequential_products.parquet", compression="snappy")
    return len(clicks), sequences["chronological_product_sequence"]


if __name__ == "__main__":
    library, source, output = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    output.mkdir(parents=True, exist_ok=True)
    rows, sequences = {"pandas": pandas_sequences, "polars": polars_sequences}[library](source, output)
    lengths = sequences.str.len() if library == "pandas" else sequences.list.len()
    print(json.dumps({"rows": rows, "sequences": len(sequences), "sequenceViews": int(lengths.sum())}))
