"""The public interface: operators, the decorator, printed derivatives."""
