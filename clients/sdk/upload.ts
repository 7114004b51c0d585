/** Sending a file, with how much of it has gone. */

export type FileOptions = Readonly<{
  file: Blob;
  /** What the file is; `file.type` where that is not said. The server looks at the bytes. */
  contentType?: string;
  /** Called as the bytes go, with how many of how many have gone. */
  onProgress?: (sent: number, total: number) => void;
}>;

type Request = Readonly<{ url: string; headers: Record<string, string>; signal: AbortSignal | undefined }>;

/**
 * Sends it by `fetch`, which counts what it reads; browsers count nothing there, and have `XMLHttpRequest` for it.
 */
export function sendFile(
  send: typeof fetch,
  { url, headers, signal }: Request,
  options: FileOptions,
): Promise<Response> {
  const { file, onProgress, contentType = file.type || 'application/octet-stream' } = options;
  const all = { ...headers, 'Content-Type': contentType };
  const Xhr = (globalThis as unknown as { XMLHttpRequest?: new () => Xhr }).XMLHttpRequest;
  if (onProgress !== undefined && Xhr !== undefined) return byXhr(new Xhr(), { url, headers: all, signal }, options);
  const body = onProgress === undefined ? file : file.stream().pipeThrough(counting(file.size, onProgress));
  return send(url, { method: 'POST', headers: all, body, ...(signal && { signal }), ...HALF_DUPLEX });
}

/** Node asks for it where a body is a stream. */
const HALF_DUPLEX = { duplex: 'half' } as object;

function counting(total: number, onProgress: NonNullable<FileOptions['onProgress']>) {
  let sent = 0;
  return new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      sent += chunk.length;
      onProgress(sent, total);
      controller.enqueue(chunk);
    },
  });
}

/** As much of it as is used here. */
type Xhr = {
  upload: { onprogress: (event: { loaded: number; total: number }) => void };
  onload: () => void;
  onerror: () => void;
  responseType: string;
  readonly response: Blob;
  readonly status: number;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getAllResponseHeaders(): string;
  send(body: Blob): void;
  abort(): void;
};

function byXhr(xhr: Xhr, { url, headers, signal }: Request, { file, onProgress }: FileOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    xhr.open('POST', url);
    xhr.responseType = 'blob';
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded, total);
    xhr.onerror = () => reject(new TypeError('The connection failed.'));
    xhr.onload = () => {
      const lines = xhr.getAllResponseHeaders().trim().split('\r\n');
      const answered = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
      resolve(new Response(xhr.response, { status: xhr.status, headers: answered }));
    };
    signal?.addEventListener('abort', () => {
      xhr.abort();
      reject(signal.reason);
    });
    xhr.send(file);
  });
}
