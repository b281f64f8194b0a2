import { createPrivateKey, createPublicKey, type KeyPairKeyObjectResult } from 'node:crypto';

/** Everybody knows it, so it is for databases in memory that tests make, and for nothing else. */
const jwk = {
  kty: 'RSA',
  e: 'AQAB',
  n:
    'rnWkSHmCtyM_hRVZvUksSBEG9AS2fIMKD1POebzuojQ92LapiJxfNrVKIdLj7QE09rVjm65r5zSFkeg1Z8AxarWip4Z2m14gsc67' +
    '2BSzmpHfvOPDmQq7Qq15VKM4wyL6eOugqpYuCwPhMJsg1oS0wvlKt7ntVYxfVmQvlKC6x3nAHL6losnswYova3m_KiTJt9P-xMCW' +
    'AZOCGBn_UyH0dyD5lVHxryxk9jhVhGmUWLSZqYSL3IvDfrccMuwKBUNuF7NCPwLJ1SC6YHqgHYzZ2Q6VnKskCdnNcY4HLlcdmSJK' +
    'gOUxMQizGUB2kja_CJu8sUyM_C5eVk5tQ66NjDGQLw',
  d:
    'D0wUcCBrdEh8cNxq5nyMi_MmQ25IXAmXb7mfALCu0f03sRFvMyHW_XKPAgE-aBEzhjBogAWew4Ko9Z7BVAwXqS4tCXhyXPQ3dK_W' +
    'a7-A8hw5XJQyGfDFc7bHTUMUnpOqF8E9cMfDWMbpz3vCuNyhBvmZ8hs08svgrjARtfwT9JqUhq7vOop3PiYAy2GQLsFufVJSTudl' +
    'omLh0uj4Z95__gOTj0clSCnDeK9dZuGvaAgF4_D4YWbDGcRtMLhp4nriKmWlklmUcXXdtmumcuayt52RUP4Hge5_yz5N7zqs2dCF' +
    'QChcCuicZBTiqpoIp8epYBRTJXfNeifMidV8G0b2-Q',
  p:
    '7pkBGjmsEYftVkdYNdmKdBZM1fRj3Rt_UoE601NqakvZKnHemlEvmC-YSmRY2Y6wQiaNwfWZSuCSpxvK1PonAZhXIHVA1y75-ayg' +
    'ZVAdJHVJrz3AXz4RrXWCNgt_z_EeMmROJ2sVQRenRhRVNSmDrr33T1sat0DebCwq6xKc4rc',
  q:
    'uy8Tum7a0ejEkOkLFLdfOsG5EhV-LT9rvMBsOMTwXjLffqUq7Kir8A-Uyn8EcZA9gGMBpO6rhuqnY2uRQ-IGaQKb8xnfOcT82Mps' +
    'LXUzaAn33edgiJy843n1iNqlDHWjEFosg1AXEjICvKSbeVolY9R5VmhYmC8bjaM3533gZkk',
  dp:
    '6BPHML0cE0lFn4Bx2p8ovtXaEtpOMIlIhPXSRC-E-LOiHlj4Dt4dD0hsNx_4FFVoOE_L3veHDX_25bhwyEwxmKmXRakHUscMusAg' +
    'm6sbTZUQAPZtobZ7916vMuZogdikaJuMMWdFGzVorQ-l-bnRrix026lgCRN9xXYIoPJPy20',
  dq:
    'dR3efR6RIRc_rd9yBHM7TTsafbse6FavJTlMPTTTpEy2U7oqIkri0WAeW5ifgiKaqHLJ-5Utk0vMkcMi79NC6X8tbix4499hyI7W' +
    'opabJHRgNuJnHvLaqIWNYCRVcndEIJ4bDcoVtVe_KKLheEsz68Nsa-j7zbRjy_ocp2W1-qk',
  qi:
    'BoXFn-kElObiGQCkPgRci-rO4bNgf_ReKyfxFi8KHbntrgR8Z__MCnw0PwRST_UiCal5dmEAtb5Q9heEkJlL5KGG4Bv_OGWwGNvL' +
    'wvfctxLMi45pcO3ZNl_O6xDcPBo-AEAUwRLRXRJbh61WMJ-1iPkaYyqbSHX9pSALaAZVmlo',
};

/** The same for every core in memory, since making one takes longer than everything else that a test starts. */
export async function testKeyPair(): Promise<KeyPairKeyObjectResult> {
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
