"""The WSGI entry for production servers: `gunicorn --no-control-socket -w 2 --threads 4 wsgi:app`.

Delivery runs beside it as `narthex worker`.
"""

from app import create_app

app = create_app()
