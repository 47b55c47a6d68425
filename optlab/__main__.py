"""The command `optlab`, and `python -m optlab` where that is not on the path.

`optlab doctor` needs nothing but Python: it must run where nothing else does.
"""

import sys

from optlab.console import let_any_console_show_any_name


def main() -> int:
    """Run the command line; where a package is missing, say so and what tells more.

    Returns:
        The exit status.
    """
    let_any_console_show_any_name()
    try:
        if sys.argv[1:2] == ["doctor"]:
            from optlab.doctor import main as examine  # noqa: PLC0415

            return examine(sys.argv[2:])
        from optlab.cli import main as run  # noqa: PLC0415

        return run()
    except ImportError as problem:
        print(f"optlab: {problem}. `optlab doctor` tells what is missing.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
