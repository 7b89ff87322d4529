"""The import of `laennec corpus import` in Python: a data folder comes in, a Parquet file with one row a
sound goes out, by pandas and soundfile or by `datasets` and soundfile.

usage: import.py pandas|datasets FOLDER OUTPUT

FOLDER holds physionet2016/training-*/REFERENCE.csv with its sounds, or custom/*/metadata.csv (AudioFolder), or
both. Of each sound: opaque id, subject, label, rate, channels, duration, SHA-256 of the file, level, peak and
share of clipped samples. There is no fingerprint, no search for copies, no check for names and no split.
"""

import hashlib
import io
import math
import pathlib
import sys
import time


def listed(root):
    """Name, path, subject and label of each sound that the tables of a data folder name."""
    import pandas

    rows = []
    for part in sorted(root.glob("physionet2016/training-*")):
        labels = pandas.read_csv(part / "REFERENCE.csv", names=["name", "label"])
        for name, label in zip(labels["name"], labels["label"]):
            path = next(p for p in (part / f"{name}.wav", part / f"{name}.flac") if p.exists())
            rows.append({"name": name, "path": str(path), "subject": None, "label": str(label)})
    for table in sorted(root.glob("custom/*/metadata.csv")):
        for row in pandas.read_csv(table).to_dict("records"):
            path = table.parent / row["file_name"]
            rows.append({"name": row["file_name"], "path": str(path), "subject": row["subject"], "label": row["label"]})
    return rows


def opaque(text):
    """Sixteen hexadecimal digits for a name."""
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()[:16]


def measured(row):
    """The columns of one sound."""
    import soundfile

    data = pathlib.Path(row["path"]).read_bytes()
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    peak = float(abs(mono).max())
    return {
        "id": opaque(row["name"]),
        "subject": opaque(row["subject"]),
        "label": row["label"],
        "sample_rate": rate,
        "channels": samples.shape[1],
        "seconds": len(mono) / rate,
        "audio_sha256": hashlib.sha256(data).hexdigest(),
        "rms_dbfs": 10 * math.log10(float((mono.astype("float64") ** 2).mean()) + 1e-20),
        "peak_dbfs": 20 * math.log10(peak + 1e-10),
        "clipped": float((abs(mono) >= 0.9999).mean()),
    }


def main():
    which, root, output = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    if which == "pandas":
        import pandas
        import soundfile  # noqa: F401  starting Python and its packages is not timed

        start = time.process_time()
        table = pandas.DataFrame([measured(row) for row in listed(root)])
        table.to_parquet(output)
        count = len(table)
    else:
        import datasets
        import soundfile  # noqa: F401

        datasets.disable_progress_bars()
        datasets.disable_caching()
        start = time.process_time()
        table = datasets.Dataset.from_list(listed(root))
        table = table.map(measured, remove_columns=["name", "path"])
        table.to_parquet(output)
        count = len(table)
    print(f"{which}: {count} recordings, {time.process_time() - start:.2f} s of processor time")


main()
