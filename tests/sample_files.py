"""Small files of the kinds that `entente ingest` takes, made when they are needed."""

import io
import zipfile
from email.message import EmailMessage

import docx

TITLE = "Norway recognises Palestine"
LINES = (
    "OSLO, May 28 – Norway recognised Palestine as a state on Tuesday, its foreign ministry said.",
    "Israel recalled its ambassador from Oslo for consultations and called the step a grave mistake.",
)
HTML = f"""<!doctype html><html lang="en"><head><title>{TITLE}</title>
<link rel="canonical" href="https://news.example/norway">
<meta property="article:published_time" content="2024-05-28T09:00:00+02:00"></head>
<body><nav>Home News Sport</nav><article><h1>{TITLE}</h1>{"".join(f"<p>{line}</p>" for line in LINES)}</article>
</body></html>"""


def word(*paragraphs: str, title: str | None = TITLE) -> bytes:
    """A .docx file."""
    document = docx.Document()
    if title:
        document.add_heading(title, 0)
    for words in paragraphs or LINES:
        document.add_paragraph(words)
    document.add_table(1, 2).cell(0, 1).text = "In a table."
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def mail(html: bool = False) -> bytes:
    """An .eml file, sent on the evening of 28 May in New York."""
    message = EmailMessage()
    message["Subject"] = TITLE
    message["From"] = "News desk <desk@wire.example>"
    message["To"] = "reader@example.org"
    message["Date"] = "Tue, 28 May 2024 22:30:00 -0400"
    if html:
        message.set_content(HTML, subtype="html")
    else:
        message.set_content("\n\n".join(LINES))
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="x.pdf")
    return message.as_bytes()


def pdf(*lines: str) -> bytes:
    """A .pdf file of one page with these lines as its text layer; without any, an empty page."""
    drawn = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    content = f"BT /F1 11 Tf 40 780 Td {drawn} ET".encode() if lines else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )


def bomb(name: str = "word/document.xml", megabytes: int = 900) -> bytes:
    """A ZIP archive of a small size with a file of a large one."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as whole, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in whole.namelist():
            with archive.open(member, "w", force_zip64=True) as file:
                if member != name:
                    file.write(whole.read(member))
                    continue
                for _ in range(megabytes):
                    file.write(b" " * 1_000_000)
    return kept.getvalue()
