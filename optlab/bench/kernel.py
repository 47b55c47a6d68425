"""A Jupyter kernel without a page: code goes in, a value comes out."""

from __future__ import annotations

import json
import subprocess
from ast import literal_eval
from types import TracebackType
from typing import Any, Self

from optlab.engine.systems.children import environment

__all__ = ["Kernel"]


class Kernel:
    """A kernel of this Python, as a context.

    Args:
        imports: what it runs at first.

    Example:
        >>> with Kernel("import math") as kernel:
        ...     kernel.value("math.sqrt(16)")
        4.0
    """

    def __init__(self, imports: str) -> None:
        self.imports = imports

    def __enter__(self) -> Self:
        """Start it."""
        from jupyter_client.manager import start_new_kernel

        self.manager, self.client = start_new_kernel(
            kernel_name="python3", env=environment(), stderr=subprocess.DEVNULL
        )
        self.value(f"{self.imports}\nNone")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def value(self, code: str) -> Any:
        """Run code there.

        Args:
            code: ends in an expression.

        Returns:
            Its value, which JSON can hold.

        Raises:
            RuntimeError: if it raises.
        """
        *lines, last = code.splitlines()
        wrapped = "\n".join([*lines, "import json", f"_value = json.dumps({last})"])
        reply = self.client.execute_interactive(
            wrapped, output_hook=lambda _: None, user_expressions={"value": "_value"}, timeout=300
        )["content"]
        if reply["status"] == "error":
            raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")
        return json.loads(literal_eval(reply["user_expressions"]["value"]["data"]["text/plain"]))
