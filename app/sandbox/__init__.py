"""A place of QA's own: the real application on a database of its own, from which nothing can leave."""
