"""A second reader of Alike's binary files, written from docs/formats.md and from nothing else. It needs Python alone.

    python3 second_reader.py FILE…    prints one JSON document a line: what each file holds
"""

import array
import hashlib
import json
import struct
import sys
import zlib

WIDENED = ("pairNext", "pairFollowing", "pairNearby", "occurrences", "vectorRows", "contextVectorRows")
TYPES = {"f32": ("f", 4), "f64": ("d", 8), "i32": ("i", 4), "u32": ("I", 4), "u16": ("H", 2), "u8": ("B", 1), "i8": ("b", 1)}


def read_container(data):
    if data[:8] != b"ALIKE\r\n\x1a":
        raise ValueError("no Alike file")
    layout_version, header_length = struct.unpack_from("<II", data, 8)
    if layout_version > 1:
        raise ValueError(f"layout version {layout_version} is newer than this reader")
    header = json.loads(data[16 : 16 + header_length].decode("utf-8"))
    end = 16 + header_length + 15 & ~15
    start = header["sections"][0]["offset"] if header["sections"] else end
    sections = {}
    for section in header["sections"]:
        code, size = TYPES[section["type"]]
        raw = data[section["offset"] : section["offset"] + section["length"] * size]
        if zlib.crc32(raw) != section["crc32"]:
            raise ValueError(f"section {section['name']} is damaged")
        values = array.array(code, raw)
        if sys.byteorder == "big":
            values.byteswap()
        sections[section["name"]] = values
        end = section["offset"] + len(raw) + 15 & ~15
    (checksum,) = struct.unpack_from("<I", data, end)
    if len(data) != end + 4 or zlib.crc32(data[:start]) != checksum:
        raise ValueError("the header is damaged")
    return header, sections


def strings(sections, name):
    text, offsets = sections[f"{name}s"].tobytes(), sections[f"{name}Offsets"]
    return [text[a:b].decode("utf-8") for a, b in zip(offsets, offsets[1:])]


def parts(values, offsets):
    return [list(values[a:b]) for a, b in zip(offsets, offsets[1:])]


def low_and_high(sections, name):
    high = sections.get(f"{name}High") or [0] * len(sections[f"{name}Low"])
    return array.array("I", (a + 65536 * b for a, b in zip(sections[f"{name}Low"], high)))


def coded(sections, name):
    rest = iter(sections[f"{name}Rest"])
    return [next(rest) if code == 255 else sections[f"{name}Values"][code] for code in sections[f"{name}Codes"]]


def short_floats(sections, meta, name):
    exponent = meta[f"{name}Exponent"]
    bits = lambda code: (exponent << 23) + (code << 12) if code else 0
    return [struct.unpack("<f", struct.pack("<I", bits(code)))[0] for code in sections[f"{name}Short"]]


def scaled_rows(sections, name):
    exponents, codes = sections[f"{name}Exponents"], sections[f"{name}Codes"]
    size = len(codes) // len(exponents) if exponents else 0
    signed = lambda code: code - 65536 if code > 32767 else code
    return [[signed(code) * 2.0**e for code in codes[i * size : (i + 1) * size]] for i, e in enumerate(exponents)]


def widened(meta, sections):
    """The pairs and past sessions of a serving index of version 3 as version 2 has them."""
    size = -(-len(sections["viewCounts"]) // 65536)
    starts, low = sections["pairBlocks"], sections["pairProductsLow"]
    products = array.array("I", low)
    for part in range(len(starts) - 1):
        for i in range(starts[part], starts[part + 1]):
            products[i] = low[i] + 65536 * (part % size)
    return sections | {
        "pairOffsets": starts[::size] if size else starts,
        "pairProducts": products,
        "pairNext": coded(sections, "pairNext"),
        "pairTogether": coded(sections, "pairTogether"),
        "pairFollowing": short_floats(sections, meta, "pairFollowing"),
        "pairNearby": short_floats(sections, meta, "pairNearby"),
        "sessionViews": low_and_high(sections, "sessionViews"),
        "occurrences": low_and_high(sections, "occurrences"),
        "vectorRows": scaled_rows(sections, "vectors"),
        "contextVectorRows": scaled_rows(sections, "contextVectors"),
    }


def meaning(kind, version, meta, sections):
    """What the numbers say, by product and session ids."""
    if kind == "cluster-assignments":
        return {"clusterOf": sections["clusterOf"].tolist()}
    products = strings(sections, "productId")
    named = lambda numbers: [products[number] for number in numbers]
    if kind == "views":
        sessions = strings(sections, "sessionId")
        return {"views": [[sessions[s], products[p]] for s, p in zip(sections["sessions"], sections["products"])]}
    if kind == "vectors":
        size = len(sections["vectors"]) // len(products)
        rows = [i * size for i in range(len(products) + 1)]
        return {"vectors": dict(zip(products, parts(sections["vectors"], rows)))}
    if kind == "corpus":
        sessions = [named(views) for views in parts(sections["views"], sections["offsets"])]
        return {"sessions": list(zip(strings(sections, "sessionId"), sessions))}
    exact = version < 3
    sections = sections if exact else widened(meta, sections)
    pairs = zip(parts(sections["pairProducts"], sections["pairOffsets"]), parts(sections["pairTogether"], sections["pairOffsets"]))
    return {
        **({} if exact else {name: list(sections[name]) for name in WIDENED}),
        "clusters": [named(members) for members in parts(sections["clusterMembers"], sections["clusterOffsets"])],
        "together": [list(zip(named(others), counts)) for others, counts in pairs],
        "pastSessions": [named(views) for views in parts(sections["sessionViews"], sections["sessionOffsets"])],
    }


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        header, sections = read_container(file.read())
    print(
        json.dumps(
            {
                "kind": header["kind"],
                "kindVersion": header["kindVersion"],
                "meta": header["meta"],
                "sections": {
                    name: [values.typecode, len(values), hashlib.sha256(values.tobytes()).hexdigest()]
                    for name, values in sections.items()
                },
                **meaning(header["kind"], header["kindVersion"], header["meta"], sections),
            }
        )
    )
