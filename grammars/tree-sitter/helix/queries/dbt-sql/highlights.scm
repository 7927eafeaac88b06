; inherits: jinja
