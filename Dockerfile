# Two images from one file: the product (the last stage) and the edge (--target edge).

FROM python:3.13-slim AS builder
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
COPY requirements/run.lock requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --no-compile --require-hashes --only-binary :all: -r requirements/run.lock
COPY . .
# The root is read-only at run time, so the bytecode is made here, and not checked again.
RUN pip install --no-compile --no-deps --no-build-isolation --no-index . \
 && pip uninstall --yes hatchling editables pip \
 && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib

FROM nginx:1 AS edge
# In the image and not mounted: then neither the clone's permissions nor the engine's place matter.
COPY --chmod=0444 service/edge/nginx.conf /etc/replydesk/nginx.conf

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Replydesk" \
      org.opencontainers.image.description="Asynchronous comment moderation for news pages" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 replydesk \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin replydesk
COPY --from=builder /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONSAFEPATH=1
USER 10001:10001
WORKDIR /
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["python", "-m", "service"]
