"""Print docs/language.md: ``python -m s2sad.language > docs/language.md``."""

from s2sad.language import document

if __name__ == "__main__":
    print(document(), end="")
