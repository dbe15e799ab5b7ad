"""Pieces of code embedded by the app and by ONNX Runtime in FP32: the same weights, texts and threads, in turns.

    cargo xtask bench embed [REPO]

Prints pieces a second (median of five turns, with the least and the most) and how far the vectors differ.
"""
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from minilm_onnx import build

TEXTS, TOKENS, THREADS, TURNS, BATCH = 128, 128, 2, 5, 16


def pieces(repository, tokenizer):
    """Texts of the repository's files that are TOKENS tokens long, control tokens included, or a few less."""
    found = []
    for path in sorted(Path(repository).rglob("*")):
        if path.suffix not in {".py", ".rs", ".ts", ".js", ".java", ".go", ".c", ".md"} or not path.is_file():
            continue
        text = path.read_text(errors="replace")
        spans = tokenizer.encode(text, add_special_tokens=False).offsets
        for at in range(0, len(spans) - TOKENS, TOKENS - 2):
            found.append(text[spans[at][0] : spans[at + TOKENS - 3][1]])
            if len(found) == TEXTS:
                return found
    raise SystemExit(f"{repository} has {len(found)} pieces of {TOKENS} tokens; {TEXTS} are needed")


def main():
    folder = Path(os.environ["INTERNFLOW_MODELS"]) / "all-minilm-l6-v2"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts = pieces(sys.argv[1] if len(sys.argv) > 1 else "src-tauri", tokenizer)
    command = [os.environ["BENCH_EMBED"], os.environ["BENCH_WORKER"], str(folder), str(THREADS)]
    ours = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    session = onnxruntime.InferenceSession(build(folder), options, providers=["CPUExecutionProvider"])

    def app():
        ours.stdin.write(json.dumps(texts) + "\n")
        ours.stdin.flush()
        answer = json.loads(ours.stdout.readline())
        return answer["seconds"], np.array(answer["vectors"], dtype=np.float32)

    def peer():
        started = time.perf_counter()
        vectors = []
        for at in range(0, len(texts), BATCH):
            ids = [encoding.ids for encoding in tokenizer.encode_batch(texts[at : at + BATCH])]
            longest = max(map(len, ids))
            padded = np.array([one + [0] * (longest - len(one)) for one in ids], dtype=np.int64)
            mask = np.array([[1] * len(one) + [0] * (longest - len(one)) for one in ids], dtype=np.int64)
            vectors.append(session.run(None, {"ids": padded, "mask": mask})[0])
        return time.perf_counter() - started, np.concatenate(vectors)

    rates, vectors = {"InternFlow": [], "ONNX Runtime": []}, {}
    for _ in range(TURNS):
        for name, embed in (("InternFlow", app), ("ONNX Runtime", peer)):
            seconds, vectors[name] = embed()
            rates[name].append(len(texts) / seconds)
    ours.stdin.close()
    ours.wait()
    lengths = [len(tokenizer.encode(text).ids) for text in texts]
    print(f"{len(texts)} pieces of {statistics.mean(lengths):.0f} tokens, {THREADS} threads, {TURNS} turns each")
    for name, found in rates.items():
        print(f"{name:<14} {statistics.median(found):6.1f} pieces/s   ({min(found):.1f} to {max(found):.1f})")
    same = (vectors["InternFlow"] * vectors["ONNX Runtime"]).sum(axis=1)
    print(f"cosine of the vectors: {same.min():.6f} at the least")


main()
