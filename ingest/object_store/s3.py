"""Objects on any S3 endpoint: MinIO, AWS and their like."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, BinaryIO, cast
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError

from hub.errors import HubError, Misconfigured, Permanent, Transient
from hub.records import ObjectInfo
from ingest.object_store.keys import check_key, check_prefix, check_source

AWS_ENDPOINT = "https://s3.amazonaws.com"
SPOOL_BYTES = 8 << 20
MAX_SINGLE_PUT_BYTES = 5 << 30
_URL_LIFETIME = timedelta(minutes=15)
_IDENTITY_CODES = {
    "AccessDenied",
    "AllAccessDisabled",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
}
_REGION_CODES = {
    "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError",
    "IllegalLocationConstraint",
    "InvalidRegion",
    "MissingFields",  # how MinIO puts it when the URL was signed for another region
    "PermanentRedirect",
}
_BUSY_CODES = {
    "BadGateway",
    "ConditionalRequestConflict",
    "InternalError",
    "OperationAborted",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "SlowDownRead",
    "SlowDownWrite",
    "XMinioServerNotInitialized",
    "XMinioStorageFull",
}


class S3ObjectStore:
    """Keeps each object under its key in one bucket.

    ``if_absent`` is S3's conditional write (``If-None-Match: *``): the server lets exactly one of
    many racing writers win. The client library signs requests but offers no such condition, so
    these puts go to a URL it has signed; header and MD5 of the body travel with them. A conditional
    put whose answer got lost is Transient, and its repetition says False although the blob is one's own.
    """

    def __init__(
        self, endpoint: str, bucket: str, region: str, access_key: str, secret_key: str, *, timeout_s: float = 60.0
    ) -> None:
        self._bucket = bucket
        self._region = region
        self._timeout = urllib3.Timeout(connect=min(10.0, timeout_s), read=timeout_s)
        retries = urllib3.Retry(
            total=3,
            backoff_factor=0.2,
            status_forcelist=[500, 502, 503, 504],
            respect_retry_after_header=False,  # a starting MinIO says 60 s: whoever runs the step decides on such waits
        )
        self._http = urllib3.PoolManager(timeout=self._timeout, retries=retries, maxsize=16)
        self._client = self._connect(endpoint or AWS_ENDPOINT, access_key, secret_key)

    def ensure_bucket(self) -> bool:
        """Create the bucket unless it is there; returns whether it was new."""
        with _translated():
            if self._client.bucket_exists(self._bucket):
                return False
            try:
                self._client.make_bucket(self._bucket, self._region)
            except S3Error as error:
                if error.code == "BucketAlreadyOwnedByYou":
                    return False
                raise
            return True

    def put(self, key: str, source: bytes | Path, *, if_absent: bool = False) -> bool:
        """Store a blob; False when ``if_absent`` and there is one already."""
        check_key(key)
        check_source(source)
        with _translated(key), _opened(source) as (body, size_bytes):
            if if_absent:
                return self._put_if_absent(key, body, size_bytes)
            self._client.put_object(self._bucket, key, body, size_bytes)
            return True

    def open(self, key: str) -> BinaryIO:
        """Open a blob for reading; the caller closes it.

        It is fetched whole (above 8 MiB into an unnamed temporary file), so that readers may seek
        and never meet a network failure half way.
        """
        check_key(key)
        spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115
        try:
            with _translated(key):
                self._fetch(key, spool)
        except HubError:
            spool.close()
            raise
        spool.seek(0)
        return cast(BinaryIO, spool)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield the blobs whose key starts with the prefix, in key order."""
        check_prefix(prefix)
        with _translated():
            for item in self._client.list_objects(self._bucket, prefix, recursive=True):
                yield ObjectInfo(key=item.object_name, size_bytes=item.size or 0)

    def delete(self, key: str) -> None:
        """Remove a blob; a missing one is no error."""
        check_key(key)
        with _translated(key):
            self._client.remove_object(self._bucket, key)

    def _connect(self, endpoint: str, access_key: str, secret_key: str) -> Minio:
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
            raise Misconfigured(
                "HUB_OBJECT_STORE__ENDPOINT must look like https://host:port, without a path.", reason="bad_endpoint"
            )
        if not access_key or not secret_key:
            raise Misconfigured(
                "Set HUB_OBJECT_STORE__ACCESS_KEY and HUB_OBJECT_STORE__SECRET_KEY.", reason="no_credentials"
            )
        try:
            return Minio(
                parts.netloc,
                access_key=access_key,
                secret_key=secret_key,
                secure=parts.scheme == "https",
                region=self._region or None,
                http_client=self._http,
            )
        except ValueError as error:
            raise Misconfigured(f"HUB_OBJECT_STORE__ENDPOINT or __REGION: {error}", reason="bad_endpoint") from None

    def _put_if_absent(self, key: str, body: BinaryIO, size_bytes: int) -> bool:
        if size_bytes > MAX_SINGLE_PUT_BYTES:
            raise Permanent("S3 takes at most 5 GiB in one conditional put.", reason="object_too_large", object=key)
        answer = self._http.request(
            "PUT",
            self._client.get_presigned_url("PUT", self._bucket, key, expires=_URL_LIFETIME),
            body=body if size_bytes else b"",
            headers={"If-None-Match": "*", "Content-Length": str(size_bytes), "Content-MD5": _md5(body)},
            retries=False,
        )
        if answer.status == 412:
            return False
        if answer.status != 200:
            raise _parsed(answer)
        return True

    def _fetch(self, key: str, sink: IO[bytes]) -> None:
        answer = self._client.get_object(self._bucket, key)
        try:
            shutil.copyfileobj(answer, sink, 1 << 20)
        finally:
            answer.close()
            answer.release_conn()


@contextmanager
def _opened(source: bytes | Path) -> Iterator[tuple[BinaryIO, int]]:
    if isinstance(source, bytes):
        yield io.BytesIO(source), len(source)
        return
    with source.open("rb") as stream:
        yield stream, source.stat().st_size


def _md5(body: BinaryIO) -> str:
    """Return what the header wants: the server refuses a body that was damaged on its way."""
    digest = hashlib.md5(usedforsecurity=False)
    while block := body.read(1 << 20):
        digest.update(block)
    body.seek(0)
    return base64.b64encode(digest.digest()).decode()


def _parsed(answer: urllib3.BaseHTTPResponse) -> MinioException:
    if "xml" in answer.headers.get("content-type", ""):
        return S3Error.fromxml(answer)
    if answer.status >= 500:
        return ServerError(f"HTTP status {answer.status}", answer.status)
    return InvalidResponseError(answer.status, answer.headers.get("content-type"), None)


@contextmanager
def _translated(key: str = "") -> Iterator[None]:
    try:
        yield
    except S3Error as error:
        raise _as_hub_error(error, key) from error
    except ServerError as error:
        raise Transient(f"The S3 endpoint answers {error.status_code}.", reason="object_store_away") from error
    except InvalidResponseError as error:
        raise Misconfigured(
            "The answer is not S3's: check HUB_OBJECT_STORE__ENDPOINT.", reason="bad_endpoint"
        ) from error
    except urllib3.exceptions.HTTPError as error:
        raise Transient(
            "The S3 endpoint (HUB_OBJECT_STORE__ENDPOINT) does not answer.", reason="object_store_away"
        ) from error
    except ValueError as error:
        raise Misconfigured(f"HUB_OBJECT_STORE__BUCKET: {error}", reason="bad_bucket") from error
    except OSError as error:
        raise Transient(f"Reading or spooling an object failed: {error.strerror}.", reason="spool_failed") from error


def _as_hub_error(error: S3Error, key: str) -> HubError:
    code = error.code or "unknown"
    if code == "NoSuchKey":
        return Permanent("No object has this key.", reason="missing_object", object=key)
    if code == "NoSuchBucket":
        return Misconfigured("HUB_OBJECT_STORE__BUCKET names a bucket that is not there.", reason="missing_bucket")
    if code in _IDENTITY_CODES:
        return Misconfigured(
            f"S3 says {code}: check HUB_OBJECT_STORE__ACCESS_KEY, HUB_OBJECT_STORE__SECRET_KEY and their rights.",
            reason="object_store_forbidden",
        )
    if code in _REGION_CODES:
        return Misconfigured(f"S3 says {code}: check HUB_OBJECT_STORE__REGION.", reason="bad_region")
    if code in _BUSY_CODES:
        return Transient(f"S3 says {code}.", reason="object_store_busy", object=key)
    if code.startswith("XMinio") and ("Parent" in code or "Directory" in code):
        return Permanent("A key cannot be an object and a folder of others at once.", reason="key_in_the_way")
    return Permanent(f"S3 refuses the object: {code}.", reason="object_refused", object=key)
