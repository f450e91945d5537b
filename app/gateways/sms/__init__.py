"""Vendors of text messages, a file each; `length` tells what a text costs at any of them."""
