"""The nearest of many vectors by the app's index and by FAISS' flat index, on the same vectors, in one run.

    cargo xtask bench nearest [ROWS...]

Unit vectors of 384 numbers around a thousand centres. The exact answer is the oracle for recall@10.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import faiss
import numpy as np

DIMENSION, QUERIES, LIMIT, THREADS, CENTRES = 384, 200, 10, 2, 1000


def vectors(count, random, centres):
    near = centres[random.integers(len(centres), size=count)]
    near = near + 0.9 * random.standard_normal((count, DIMENSION), dtype=np.float32) / np.sqrt(DIMENSION)
    return near / np.linalg.norm(near, axis=1, keepdims=True)


def main():
    faiss.omp_set_num_threads(THREADS)
    for rows in [int(arg) for arg in sys.argv[1:]] or [10_000, 100_000]:
        random = np.random.default_rng(7)
        centres = random.standard_normal((CENTRES, DIMENSION), dtype=np.float32)
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        base, asked = vectors(rows, random, centres), vectors(QUERIES, random, centres)
        flat = faiss.IndexFlatIP(DIMENSION)
        flat.add(base)
        times, oracle = [], []
        flat.search(asked[:1], LIMIT)
        for query in asked:
            started = time.perf_counter()
            oracle.append(flat.search(query[None, :], LIMIT)[1][0].tolist())
            times.append((time.perf_counter() - started) * 1e3)
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / "vectors", Path(folder) / "queries"]
            base.astype("<f4").tofile(files[0])
            asked.astype("<f4").tofile(files[1])
            args = [*map(str, files), str(DIMENSION), str(LIMIT), str(Path(folder) / "index")]
            ran = subprocess.run([os.environ["BENCH_NEAREST"], *args], check=True, capture_output=True, text=True)
        answer = json.loads(ran.stdout)
        recall = np.mean([len(set(a) & set(b)) / LIMIT for a, b in zip(oracle, answer["ids"])])
        print(f"{rows} vectors, {QUERIES} queries one after the other")
        for name, ms, note in (
            ("FAISS flat", times, "exact"),
            ("InternFlow", answer["ms"], f"recall@{LIMIT} {recall:.3f}, filled in {answer['filled_s']} s"),
        ):
            print(f"{name:<12} p50 {np.percentile(ms, 50):6.2f} ms   p95 {np.percentile(ms, 95):6.2f} ms   {note}")


main()
