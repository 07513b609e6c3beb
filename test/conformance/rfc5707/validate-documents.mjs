// Reads a JSON list of XML documents from standard input and answers, for each, null or what the reconciled schema says against it.
// A process of its own, because libxml2-wasm is an ES module and jest runs CommonJS.
import { readFileSync } from 'node:fs';
import { XmlBufferInputProvider, XmlDocument, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm';

const fixtures = new URL('../../fixtures/msml/', import.meta.url);
const xmlXsd = readFileSync(new URL('xml.xsd', fixtures));
xmlRegisterInputProvider(new XmlBufferInputProvider({ 'xml.xsd': xmlXsd }));
const schema = XmlDocument.fromBuffer(readFileSync(new URL('msml-reconciled.xsd', fixtures)), {
  url: 'msml-reconciled.xsd',
});
const validator = XsdValidator.fromDoc(schema);

function verdict(text) {
  let document;
  try {
    document = XmlDocument.fromBuffer(Buffer.from(text, 'base64'));
  } catch (error) {
    return `not well-formed: ${error.message}`;
  }
  try {
    validator.validate(document);
    return null;
  } catch (error) {
    return `not valid: ${error.message}`;
  } finally {
    document.dispose();
  }
}

const documents = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(documents.map(verdict)));
