"""The site: the course as pages that play without a kernel, beside the reference and the guides."""
