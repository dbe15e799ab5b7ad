"""all-MiniLM-L6-v2 as an ONNX graph, made from the weights that the app uses.

The package index has the weights and no ONNX file, so the graph is written here after the architecture that
its config.json names (BERT: Devlin et al. 2018), with the operators that ONNX Runtime has fast kernels for.
"""
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file


class Graph:
    def __init__(self):
        self.nodes, self.weights = [], []

    def weight(self, name, array):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def op(self, kind, *inputs, **attributes):
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name


def build(folder):
    """The model's bytes: inputs `ids` and `mask` of [texts, tokens], output `vectors` of [texts, 384], length 1."""
    folder = Path(folder)
    config = json.loads((folder / "config.json").read_text())
    weights = load_file(folder / "model.safetensors")
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    size, epsilon = hidden // heads, config["layer_norm_eps"]
    g = Graph()
    constant = lambda name, values, kind=np.int64: g.weight(name, np.array(values, dtype=kind))
    split, joined = constant("split", [0, 0, heads, size]), constant("joined", [0, 0, hidden])
    one, axis1 = constant("one", 1.0, np.float32), constant("axis1", [1])

    def linear(x, name):
        product = g.op("MatMul", x, g.weight(f"{name}.weight", weights[f"{name}.weight"].T))
        return g.op("Add", product, g.weight(f"{name}.bias", weights[f"{name}.bias"]))

    def norm(x, name):
        scale, shift = (g.weight(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return g.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)

    table = "embeddings.word_embeddings.weight"
    words = g.op("Gather", g.weight(table, weights[table]), "ids")
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = g.op("Shape", "ids", start=1, end=2)
    places = g.op("Slice", g.weight("places", places), constant("zero", [0]), length)
    x = norm(g.op("Add", words, places), "embeddings.LayerNorm")
    mask = g.op("Cast", "mask", to=TensorProto.FLOAT)
    missing = g.op("Mul", g.op("Sub", one, mask), constant("far", -1e9, np.float32))
    missing = g.op("Unsqueeze", missing, constant("axes", [1, 2]))
    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        q, k, v = (
            g.op("Transpose", g.op("Reshape", linear(x, f"{at}.attention.self.{part}"), split), perm=perm)
            for part, perm in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        scores = g.op("Mul", g.op("MatMul", q, k), constant(f"scale{layer}", size**-0.5, np.float32))
        shares = g.op("Softmax", g.op("Add", scores, missing), axis=-1)
        mixed = g.op("Reshape", g.op("Transpose", g.op("MatMul", shares, v), perm=[0, 2, 1, 3]), joined)
        x = norm(g.op("Add", linear(mixed, f"{at}.attention.output.dense"), x), f"{at}.attention.output.LayerNorm")
        inner = g.op("Gelu", linear(x, f"{at}.intermediate.dense"))
        x = norm(g.op("Add", linear(inner, f"{at}.output.dense"), x), f"{at}.output.LayerNorm")
    shares = g.op("Unsqueeze", mask, constant("axis2", [2]))
    total = g.op("ReduceSum", g.op("Mul", x, shares), axis1, keepdims=0)
    mean = g.op("Div", total, g.op("ReduceSum", shares, axis1, keepdims=0))
    g.nodes.append(helper.make_node("LpNormalization", [mean], ["vectors"], axis=-1, p=2))
    tokens = ["texts", "tokens"]
    graph = helper.make_graph(
        g.nodes,
        "minilm",
        [helper.make_tensor_value_info(name, TensorProto.INT64, tokens) for name in ("ids", "mask")],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", hidden])],
        g.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    return model.SerializeToString()
