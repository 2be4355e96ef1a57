#!/usr/bin/env python3
"""Start-up: --version against dig -v, the whole process for one domain, first paint against whiptail, memory of the wizard."""
import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import termios
import time

import bench


def paint(words):
    """Milliseconds until the first text appears in a pseudo terminal of 80x24, and the most memory so far in KiB."""
    began = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", XDG_DATA_HOME="/nonexistent", XDG_CONFIG_HOME="/nonexistent")
        os.execv(words[0], words)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    seen = b""
    while select.select([fd], [], [], 5)[0]:
        seen += os.read(fd, 65536)
        if re.search(rb"[A-Za-z]{4,}", re.sub(rb"\x1b[^A-Za-z]*[A-Za-z]", b"", seen)):
            break
    took = (time.monotonic() - began) * 1000
    status = open("/proc/%d/status" % pid).read()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(fd)
    return took, int(re.search(r"VmHWM:\s+(\d+)", status).group(1))


def main():
    version, dig = bench.median_ms(31, [bench.PROGRAM, "--version"]), bench.median_ms(31, ["dig", "-v"])
    bench.row("`mailstead --version`", "%.1f ms (`dig -v`: %.1f ms)" % (version, dig), "2 x `dig -v`", "")
    port, names = bench.name_server()
    one = bench.median_ms(31, [bench.PROGRAM, "check", "council1.gov.uk", "--resolver", "127.0.0.1:%d" % port, *bench.TOPICS])
    bench.row("one domain, local server, no SMTP: whole process", "%.1f ms" % one, "15 ms", "6 ms")
    if bench.have("whiptail"):
        whiptail = statistics.median(paint(["/usr/bin/whiptail", "--msgbox", "Some words", "10", "40"])[0] for _ in range(15))
        runs = [paint([bench.PROGRAM]) for _ in range(15)]
        bench.row("first paint in a pseudo terminal", "%.1f ms (`whiptail`: %.1f ms)" % (statistics.median(r[0] for r in runs), whiptail), "2 x `whiptail`", "")
        bench.row("memory of the wizard at its first screen", "%.1f MiB" % (max(r[1] for r in runs) / 1024), "16 MiB", "")


main()
