"""The Celery way in, and nothing else: tasks call use cases."""
