"""What generated code may call: functions of NumPy only, each copied as text into the files that need it."""
