// Holds messages to the client's own types, which are Deepgram's published description of them.
import ts from 'typescript';

const FILE = 'messages.ts';
const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};
const TYPES = {
  Results: 'ListenV1Results',
  Metadata: 'ListenV1Metadata',
  UtteranceEnd: 'ListenV1UtteranceEnd',
  SpeechStarted: 'ListenV1SpeechStarted',
};

/** What is wrong with messages, in the compiler's words, each once; fields beyond those of the types are no fault. */
export const typeFaults = messages => {
  const lines = ["import type { Deepgram } from '@deepgram/sdk';"];
  for (const [type, name] of Object.entries(TYPES)) {
    // A type parameter's argument may have more fields, a parameter's literal may not.
    lines.push(`declare function take${type}<T extends Deepgram.listen.${name}>(message: T): void;`);
  }
  const unknown = messages.filter(message => !TYPES[message.type]).map(message => `no type for ${JSON.stringify(message)}`);
  for (const message of messages.filter(one => TYPES[one.type])) {
    lines.push(`take${message.type}(${JSON.stringify(message)});`);
  }
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  const text = lines.join('\n');
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(FILE, text, OPTIONS.target) : getSourceFile.call(host, name, ...rest);
  host.fileExists = name => name === FILE || fileExists.call(host, name);
  host.readFile = name => (name === FILE ? text : readFile.call(host, name));
  const program = ts.createProgram([FILE], OPTIONS, host);
  const faults = new Map();
  for (const fault of ts.getPreEmitDiagnostics(program)) {
    const line = fault.file?.fileName === FILE ? lines[fault.file.getLineAndCharacterOfPosition(fault.start).line] : '';
    const words = ts.flattenDiagnosticMessageText(fault.messageText, '\n');
    if (!faults.has(words)) faults.set(words, `${words}\n  first in ${line}`);
  }
  return unknown.concat([...faults.values()]);
};
