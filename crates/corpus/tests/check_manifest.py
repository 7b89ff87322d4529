"""Opens a manifest as Python programs do, and compares the readers with one another.

    laennec corpus import manifest.parquet --data DIR
    python check_manifest.py manifest.parquet

Needs datasets, pandas and pyarrow.
"""

import sys
import tempfile

import pandas
import pyarrow.parquet
from datasets import load_dataset

COLUMNS = (
    "id subject group data_set domain manoeuvre site device sample_rate channels seconds "
    "audio_sha256 fingerprint level record_class findings events murmurs quality diagnoses outcome "
    "sex age_years height_cm weight_kg bmi pregnant smoker official_split split licence provenance"
).split()

path = sys.argv[1]
with tempfile.TemporaryDirectory() as cache:
    rows = load_dataset("parquet", data_files=path, split="train", cache_dir=cache)
    assert rows.column_names == COLUMNS, rows.column_names
    frame = pandas.read_parquet(path)
    table = pyarrow.parquet.read_table(path)
    assert len(rows) == len(frame) == table.num_rows > 0
    assert table.schema.metadata[b"laennec.manifest"] == b"2"
    assert frame["id"].is_unique and frame["id"].str.fullmatch("[0-9a-f]{16}").all()
    ages = frame["age_years"].dropna()
    assert ages.between(0, 90).all()
    for row in rows.select(range(0, len(rows), max(1, len(rows) // 200))):
        same = frame.iloc[frame.index[frame["id"] == row["id"]][0]]
        assert list(same["fingerprint"]) == row["fingerprint"]
        assert [event["kind"] for event in same["events"]] == [event["kind"] for event in row["events"]]
        assert {finding["presence"] for finding in row["findings"]} <= {"present", "absent", "uncertain"}
        assert 0 < row["seconds"] and len(row["audio_sha256"]) == 64
    print(f"{len(rows)} rows, {len(COLUMNS)} columns, as described")
    print(frame.groupby(["data_set", "split"], dropna=False).size().to_string())
