"""gensim's Word2Vec as a peer for the benchmarks: reads one JSON request a line, answers one JSON line.

A request: {"sessions": FILE, "settings": {gensim's settings}, "vectors": FILE or null}
  sessions  text, one session a line, product numbers separated by spaces
  vectors   where the input vectors go: float32, little-endian, row p is product number p; all zero below min_count
The answer: {"seconds": of train() alone, "cpuSeconds": the same on the CPU, "version": gensim's}
"""

import json
import sys
import time

import gensim
import numpy as np
from gensim.models import Word2Vec


def read_sessions(path):
    with open(path) as file:
        return [line.split() for line in file]


sessions_path, sessions = None, []
for line in sys.stdin:
    request = json.loads(line)
    if request["sessions"] != sessions_path:
        sessions_path = request["sessions"]
        sessions = read_sessions(sessions_path)
    model = Word2Vec(**request["settings"])
    model.build_vocab(sessions)
    started, cpu_started = time.perf_counter(), time.process_time()
    model.train(sessions, total_examples=model.corpus_count, epochs=model.epochs)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    if request["vectors"] is not None:
        product_count = 1 + max(int(product) for session in sessions for product in session)
        vectors = np.zeros((product_count, model.vector_size), dtype="<f4")
        for product in model.wv.index_to_key:
            vectors[int(product)] = model.wv[product]
        vectors.tofile(request["vectors"])
    answer = {"seconds": seconds, "cpuSeconds": cpu_seconds, "version": gensim.__version__}
    print(json.dumps(answer), flush=True)
