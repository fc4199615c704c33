"""The form of a line in the log. The secret of the gateway's callbacks is a part of their path; it is never written."""

import logging
import re

_SECRET_PATH = re.compile(r"(/hooks/sms/)[^/\s\"']+")


class LogLine(logging.Formatter):
    """Masks the line as it is written, traceback and all."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET_PATH.sub(r"\1•••", super().format(record))
