"""The judgement: evidence in, findings and a verdict out; no input, no output, no clock."""
