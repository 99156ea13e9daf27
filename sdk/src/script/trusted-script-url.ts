interface TrustedTypePolicy {
  createScriptURL(url: string): string;
}

interface TrustedTypesHost {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: TrustedTypePolicy): TrustedTypePolicy;
  };
}

let policy: TrustedTypePolicy | undefined;

/**
 * The address as a script's `src` takes it. A page with `require-trusted-types-for 'script'` takes no plain text:
 * https://w3c.github.io/trusted-types/dist/spec/#require-trusted-types-for-csp-directive. The policy is called
 * `tallymark`; a page that lists its policies in `trusted-types` must list this one.
 */
export function trustedScriptUrl(url: string): string {
  try {
    policy ??= (window as TrustedTypesHost).trustedTypes?.createPolicy("tallymark", {
      createScriptURL: (same) => same,
    });
  } catch {
    // Not in the page's list. Where it does not require them the plain text will do.
  }
  return policy?.createScriptURL(url) ?? url;
}
