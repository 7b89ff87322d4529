"""llama.cpp's side of benches/decoder.rs: python llama_cpp_decoder.py SmolLM2-135M-Instruct.Q4_1.gguf

Reads the same prompt and writes 64 tokens, on one thread. Needs: xllamacpp.
"""

import json
import os
import re
import sys
import time
import urllib.request
from pathlib import Path

import xllamacpp

source = Path(__file__).with_name("decoder.rs").read_text()
prompt = re.sub(r"\\\n\s*", "", re.search(r'PROMPT: &str = "(.*?)";', source, re.S).group(1))
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx = 1024
params.n_parallel = 1
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.verbosity = 0
server = xllamacpp.Server(params)


def complete(n):
    body = {"prompt": prompt, "n_predict": n, "temperature": 0, "ignore_eos": True, "cache_prompt": False}
    request = urllib.request.Request(server.listening_address + "/completion", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    before = time.process_time()
    timings = json.load(urllib.request.urlopen(request))["timings"]
    return timings, time.process_time() - before


complete(64)
for _ in range(3):
    short, short_cpu = complete(1)
    long, long_cpu = complete(65)
    print(f"reading: {short_cpu * 1e3 / short['prompt_n']:.2f} CPU ms a token ({short['prompt_n']} tokens), "
          f"{short['prompt_per_second']:.1f} tokens/s")
    print(f"writing: {(long_cpu - short_cpu) * 1e3 / 64:.2f} CPU ms a token, {long['predicted_per_second']:.1f} tokens/s")
os._exit(0)  # the server's threads do not end by themselves
