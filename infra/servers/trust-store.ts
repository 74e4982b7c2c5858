import { createHash, X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { writeWhole } from '../home.ts';

// The format's usual password; it guards nothing, since certificates are public.
const PASSWORD = 'changeit';

/**
 * Writes the certificates that this machine trusts as a Java key store: a Java unpacked from its package has none,
 * because the package makes it at installation.
 * @see JDK, sun.security.provider.JavaKeyStore, for the format.
 */
export function makeTrustStore(path: string): { path: string; password: string } {
  const texts = new Set([...tls.getCACertificates('system'), ...tls.getCACertificates('default')]);
  const entries = [...texts].map((text, index) => entry(`ca-${index}`, new X509Certificate(text).raw));
  const content = Buffer.concat([uint32(0xfeedfeed), uint32(2), uint32(entries.length), ...entries]);
  const digest = createHash('sha1')
    .update(Buffer.from(PASSWORD, 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(content)
    .digest();
  writeWhole(path, Buffer.concat([content, digest]));
  return { path, password: PASSWORD };
}

function entry(alias: string, certificate: Buffer): Buffer {
  const trustedCertificate = uint32(2);
  const createdMs = Buffer.alloc(8);
  return Buffer.concat([
    trustedCertificate,
    text(alias),
    createdMs,
    text('X.509'),
    uint32(certificate.length),
    certificate,
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value, 'latin1')]);
}
