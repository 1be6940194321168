# One image for all of FinBrain's processes: web (the default), scheduler, prepare, retrain.
# The base image is spelled out twice, because Dependabot doesn't resolve variables.
FROM python:3.13-slim-trixie AS wheels
COPY requirements.txt /build/
# Only wheels: nothing is compiled here, so no compiler is needed.
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --disable-pip-version-check --require-hashes --only-binary=:all: --wheel-dir /build/wheels --requirement /build/requirements.txt

FROM wheels AS build
# Delete the packages' tests and the files for compiling against them.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --disable-pip-version-check --require-hashes --no-index --find-links /build/wheels \
        --requirement /build/requirements.txt \
    && /opt/venv/bin/pip uninstall --yes pip \
    && find /opt/venv -depth -type d -name tests -path '*/site-packages/*' -exec rm -rf {} + \
    && find /opt/venv -type f \( -name '*.pyi' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.h' -o -name '*.a' \) -delete
ENV PATH=/opt/venv/bin:$PATH \
    STATIC_ROOT=/app/staticfiles
WORKDIR /app
COPY . .
# These commands need no database and no secret. The key only exists in this step.
RUN export FINBRAIN_ENV=development SECRET_KEY=only-for-this-step \
    && python -m finbrain.translations \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q .

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="FinBrain" \
      org.opencontainers.image.description="A smart expense tracker that files expenses automatically" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin finbrain
COPY --from=build /opt/venv /opt/venv
# Owned by root: the processes cannot change their own code.
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    FINBRAIN_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    STATIC_ROOT=/app/staticfiles \
    DATA_DIR=/tmp/finbrain \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
# On SIGTERM, gunicorn accepts no more connections and finishes its open requests, each of which has a time limit.
STOPSIGNAL SIGTERM
CMD ["gunicorn", "--config", "gunicorn.conf.py", "--graceful-timeout", "30", "--no-control-socket", "finbrain.wsgi"]
