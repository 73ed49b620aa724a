"""scikit-learn's K-Means as a peer for the benchmark: reads one JSON request a line, answers one JSON line.

A request: {"vectors": FILE, "dimensions": d, "start": [rows], "iterations": n, "threads": n}
  vectors  float32, little-endian, row-major
The answer: {"seconds": of fit() alone, "cpuSeconds": the same on the CPU, "inertia": ...}
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

warnings.filterwarnings("ignore")

vectors_path, vectors = None, None
for line in sys.stdin:
    request = json.loads(line)
    if request["vectors"] != vectors_path:
        vectors_path = request["vectors"]
        vectors = np.fromfile(vectors_path, dtype="<f4").reshape(-1, request["dimensions"])
    start = vectors[request["start"]]
    model = KMeans(len(start), init=start, n_init=1, max_iter=request["iterations"], tol=0, algorithm="lloyd")
    with threadpool_limits(request["threads"]):
        started, cpu_started = time.perf_counter(), time.process_time()
        model.fit(vectors)
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    answer = {
        "seconds": seconds,
        "cpuSeconds": cpu_seconds,
        "inertia": float(model.inertia_),
    }
    print(json.dumps(answer), flush=True)
