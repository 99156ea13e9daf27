/** Who asked to be forgotten. */
export interface ErasedPeople {
  /** Whether the visitor or session with this id did. */
  isErased(id: string): boolean;
  /** Changes whenever `isErased` begins to say yes of somebody. */
  readonly wishes: number;
}

/** Nobody did. */
export const NOBODY: ErasedPeople = { isErased: () => false, wishes: 0 };

/**
 * Which field names somebody who asked to be forgotten. The events of a request are nearly always one visitor's, and a
 * look takes a keyed hash: the same visitor is not looked up twice in a row.
 */
export function createForgottenField(erased: ErasedPeople) {
  let visitorId: string | undefined;
  let sessionId: string | undefined;
  let field: "visitor_id" | "session_id" | undefined;

  return function forgottenField(event: { readonly visitor_id: string; readonly session_id?: string | undefined }) {
    if (event.visitor_id === visitorId && event.session_id === sessionId) return field;
    visitorId = event.visitor_id;
    sessionId = event.session_id;
    if (erased.isErased(visitorId)) field = "visitor_id";
    else field = sessionId !== undefined && erased.isErased(sessionId) ? "session_id" : undefined;
    return field;
  };
}
