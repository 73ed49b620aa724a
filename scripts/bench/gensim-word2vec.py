"""gensim's Word2Vec as a peer for the benchmarks: reads one JSON request a line, answers one JSON line.

A request: {"sessions": FILE, "settings": {settings under gensim's names, and others}, "vectors": FILE}
  sessions  text, one session a line, product numbers separated by spaces
  vectors   where the input vectors go: float32, little-endian, row p is product number p; all zero below min_count
The answer: {"seconds": of train() alone, "cpuSeconds": the same on the CPU}
"""

import inspect
import json
import sys
import time

import numpy as np
from gensim.models import Word2Vec


def read_sessions(path):
    with open(path) as file:
        return [line.split() for line in file]


KNOWN = inspect.signature(Word2Vec).parameters

sessions_path, sessions = None, []
for line in sys.stdin:
    request = json.loads(line)
    if request["sessions"] != sessions_path:
        sessions_path = request["sessions"]
        sessions = read_sessions(sessions_path)
    model = Word2Vec(**{name: value for name, value in request["settings"].items() if name in KNOWN})
    model.build_vocab(sessions)
    started, cpu_started = time.perf_counter(), time.process_time()
    model.train(sessions, total_examples=model.corpus_count, epochs=model.epochs)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    product_count = 1 + max(int(product) for session in sessions for product in session)
    vectors = np.zeros((product_count, model.vector_size), dtype="<f4")
    for product in model.wv.index_to_key:
        vectors[int(product)] = model.wv[product]
    vectors.tofile(request["vectors"])
    answer = {"seconds": seconds, "cpuSeconds": cpu_seconds}
    print(json.dumps(answer), flush=True)
