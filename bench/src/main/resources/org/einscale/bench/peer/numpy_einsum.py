"""Times numpy.einsum as told on standard input, a line a command, fields separated by tabs; answers a line each.

prepare FORM EQUATION FILE SHAPE FILE SHAPE ...   reads float32 operands, shapes as 2x3
time SECONDS                                      answers the mean seconds of a call
result FILE                                       writes one result as float32
Answers begin with "ok" or "error".
"""
import gc
import sys
from itertools import repeat
from time import perf_counter

import numpy as np


def shape(text):
    return tuple(int(extent) for extent in text.split("x"))


def prepare(form, equation, *files):
    operands = [np.fromfile(f, np.float32).reshape(shape(s)) for f, s in zip(files[::2], files[1::2])]
    if form == "PRODUCT":
        a, b = operands
        return lambda: np.matmul(a, b)
    # A path is looked for in every call, which costs more than the smallest contraction itself.
    optimize = form != "STRING"
    return lambda: np.ascontiguousarray(np.einsum(equation, *operands, optimize=optimize))


def mean_seconds(call, seconds):
    batch, calls, elapsed = 1, 0, 0.0
    while calls == 0 or elapsed < seconds:
        start = perf_counter()
        for _ in repeat(None, batch):
            call()
        took = perf_counter() - start
        calls += batch
        elapsed += took
        if took < seconds / 16:
            batch *= 2
    return elapsed / calls


def main():
    gc.disable()
    print("ok", np.__version__, sep="\t", flush=True)
    call = None
    for line in sys.stdin:
        command, *fields = line.rstrip("\n").split("\t")
        answer = ""
        try:
            if command == "prepare":
                call = None
                call = prepare(*fields)
            elif command == "time":
                answer = repr(float(mean_seconds(call, float(fields[0]))))
            elif command == "result":
                call().astype(np.float32).tofile(fields[0])
            print("ok", answer, sep="\t", flush=True)
        except Exception as e:
            print("error", type(e).__name__ + ": " + " ".join(str(e).split()), sep="\t", flush=True)


main()
