// PDF.js as this server's policy allows it: no eval, its worker and data from
// our own files. The older build is taken because it runs in the browsers of
// the last two years, not only in those of the last month.
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import dingbats from 'pdfjs-dist/standard_fonts/FoxitDingbats.pfb?url';
import symbol from 'pdfjs-dist/standard_fonts/FoxitSymbol.pfb?url';
import jbig2 from 'pdfjs-dist/wasm/jbig2.wasm?url';
import openjpeg from 'pdfjs-dist/wasm/openjpeg.wasm?url';
import openjpegFallback from 'pdfjs-dist/wasm/openjpeg_nowasm_fallback.js?url';
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

pdfjs.GlobalWorkerOptions.workerSrc = worker;

// Character maps of the East Asian fonts that a document does not carry.
const maps = import.meta.glob<string>('../../node_modules/pdfjs-dist/cmaps/*.bcmap', { query: '?url', import: 'default', eager: true });

const files: Record<string, string> = {
  'FoxitDingbats.pfb': dingbats,
  'FoxitSymbol.pfb': symbol,
  'jbig2.wasm': jbig2,
  'openjpeg.wasm': openjpeg,
};
for (const [path, url] of Object.entries(maps)) files[path.slice(path.lastIndexOf('/') + 1)] = url;

/** Hands PDF.js the files of its package, whose names here carry a hash. */
class OwnFiles {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const url = files[filename];
    if (!url) throw new Error(`no file named ${filename}`);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${filename}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

/** How much of a file is asked for at a time. */
const chunk = 256 * 1024;

export type OpenPdf = { document: Promise<PDFDocumentProxy>; close: () => void };
export type AskPassword = (answer: (password: string) => void, again: boolean) => void;

/** Opens the PDF at url; only the parts that are looked at are fetched. */
export function openPdf(url: string, askPassword: AskPassword): OpenPdf {
  const task = pdfjs.getDocument({
    url,
    rangeChunkSize: chunk,
    disableAutoFetch: true,
    disableStream: true,
    isEvalSupported: false,
    enableXfa: false,
    useWorkerFetch: false,
    BinaryDataFactory: OwnFiles,
    // The decoder without WebAssembly is imported by name from this address:
    // what is asked for is the file before the sign, the name is behind it.
    wasmUrl: `${new URL(openjpegFallback, location.href).href}#/`,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
  task.onPassword = (answer: (password: string) => void, reason: number) => {
    askPassword(answer, reason === pdfjs.PasswordResponses.INCORRECT_PASSWORD);
  };
  return { document: task.promise, close: () => void task.destroy() };
}

export const TextLayer = pdfjs.TextLayer;

/** Says whether the error only means that a drawing was called off. */
export function calledOff(error: unknown): boolean {
  return error instanceof pdfjs.RenderingCancelledException || (error instanceof Error && error.name === 'AbortException');
}
