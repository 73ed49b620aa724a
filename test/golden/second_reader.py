"""A second reader of Alike's binary files, written from docs/formats.md and from nothing else. It needs Python alone.

    python3 second_reader.py FILE…    prints one JSON document a line: what each file holds
"""

import array
import hashlib
import json
import struct
import sys
import zlib

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
    return [values[a:b].tolist() for a, b in zip(offsets, offsets[1:])]


def meaning(kind, sections):
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
    pairs = zip(parts(sections["pairProducts"], sections["pairOffsets"]), parts(sections["pairTogether"], sections["pairOffsets"]))
    return {
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
                **meaning(header["kind"], sections),
            }
        )
    )
