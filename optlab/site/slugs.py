"""The anchors of headings, as JupyterLab makes them: a link in a notebook works in both."""

__all__ = ["slug"]


def slug(title: str) -> str:
    """The anchor of a heading.

    Args:
        title: its text.

    Example:
        >>> slug("Hardware: the roofline of this machine")
        'Hardware:-the-roofline-of-this-machine'
    """
    return title.strip().replace(" ", "-")
