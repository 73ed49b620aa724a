"""The seed's pipeline with its own tools: pandas, gensim, scikit-learn. The peer of `layer-run.ts`.

usage: layer-run.py CLICKSTREAM OUTPUT_FOLDER

Writes the datasets as Parquet, as Alike does; draws no plots, writes no serving index, no manifest and no hashes.
"""

import sys
from pathlib import Path

import pandas as pd
from gensim.models import Word2Vec
from sequences import pandas_sequences
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

source, output = sys.argv[1], Path(sys.argv[2])
output.mkdir(parents=True, exist_ok=True)

rows, sequences = pandas_sequences(source, output)

model = Word2Vec(
    sequences.tolist(), sg=0, vector_size=10, window=5, negative=5, epochs=5, min_count=1, sample=1e-3, workers=1, seed=1
)
vectors = pd.DataFrame({"Product_ID": model.wv.index_to_key, "Vectors": list(model.wv.vectors)})
vectors.to_parquet(output / "product_ids_and_vectors.parquet")

kmeans = KMeans(n_clusters=10, n_init=1, random_state=1).fit(model.wv.vectors)
silhouette_score(model.wv.vectors, kmeans.labels_)
clusters = pd.DataFrame({"Cluster_No": kmeans.labels_, "Product_ID": model.wv.index_to_key})
clusters.groupby("Cluster_No")["Product_ID"].agg(list).rename("Cluster_Member_List").reset_index().to_parquet(
    output / "final_product_clusters.parquet"
)
print(f"{rows} rows, {len(sequences)} sequences, {len(vectors)} vectors, {len(clusters.groupby('Cluster_No'))} clusters")
