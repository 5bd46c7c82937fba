// Passkeys between the server, which writes them as JSON, and the browser,
// which wants bytes.
type Json = Record<string, unknown>;

/** The bytes of a text in base64url. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(padded), (one) => one.charCodeAt(0));
}

/** Bytes as a text in base64url, without padding. */
export function textOf(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Whether this browser, at this address, can use passkeys at all. */
export function knowsPasskeys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && isSecureContext;
}

type Listed = { id: string; type: string; transports?: string[] };
const listed = (list: unknown) => (list as Listed[] | null | undefined)?.map((one) => ({ ...one, id: bytesOf(one.id) }) as PublicKeyCredentialDescriptor);

// Options may stand within an envelope of their own.
const within = (options: unknown): Json => {
  const outer = options as Json;
  return (outer.publicKey ?? outer) as Json;
};

/** Makes a passkey from the server's options; the answer is for the server. */
export async function makePasskey(options: unknown): Promise<Json> {
  const given = within(options);
  const user = given.user as Json;
  const publicKey = {
    ...given,
    challenge: bytesOf(given.challenge as string),
    user: { ...user, id: bytesOf(user.id as string) },
    excludeCredentials: listed(given.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...common(made),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      attestationObject: textOf(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** Shows a passkey that the server asks for; the answer is for the server. */
export async function showPasskey(options: unknown, signal?: AbortSignal): Promise<Json> {
  const given = within(options);
  const publicKey = {
    ...given,
    challenge: bytesOf(given.challenge as string),
    allowCredentials: listed(given.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const shown = (await navigator.credentials.get({ publicKey, signal })) as PublicKeyCredential;
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    ...common(shown),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      userHandle: response.userHandle ? textOf(response.userHandle) : undefined,
    },
  };
}

function common(one: PublicKeyCredential): Json {
  return {
    id: one.id, rawId: textOf(one.rawId), type: one.type,
    authenticatorAttachment: one.authenticatorAttachment ?? undefined, clientExtensionResults: one.getClientExtensionResults(),
  };
}

/** Whether the person, or her device, broke off: nothing to complain about. */
export function brokenOff(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
}
