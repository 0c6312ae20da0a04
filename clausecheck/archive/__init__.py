"""Review whole archives: inputs -> plan -> work -> store -> query -> summary.

Comes in: folders, archives, mails and object stores. Goes out: a Parquet dataset that is never half
written, that a later run carries on, and that DuckDB answers questions about.
"""
