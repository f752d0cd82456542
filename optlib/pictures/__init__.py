"""Pictures: the palette, SVG from matplotlib, plots, and animations as small videos."""
