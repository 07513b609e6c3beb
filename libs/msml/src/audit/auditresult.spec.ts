import { decodeMsml } from '../core/msml';
import { sdpOfAudit } from './auditresult';

describe('auditresult (§10.1.2)', () => {
  it('gives the session description without the indentation of the document (§14.7)', () => {
    const text = `<msml version="1.1"><result response="200"><auditresult targetid="conn:1"><localsdp>
            v=0
            s=a b
         </localsdp></auditresult></result></msml>`;
    const decoded = decodeMsml(Buffer.from(text));
    const result = decoded.ok && decoded.value.kind === 'result' ? decoded.value.result : undefined;
    expect(sdpOfAudit(result?.auditResults?.[0]?.localsdp ?? '')).toBe('v=0\r\ns=a b\r\n');
  });
});
