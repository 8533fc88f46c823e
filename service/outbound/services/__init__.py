"""The services that a site may have asked about a comment; each module speaks one protocol."""
