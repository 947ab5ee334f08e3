"""Print docs/functions.md: ``python -m s2sad.functions > docs/functions.md``."""

from s2sad.functions import document

if __name__ == "__main__":
    print(document(), end="")
