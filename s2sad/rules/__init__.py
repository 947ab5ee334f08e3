"""The declarative table of derivatives, its little language, and result types."""
