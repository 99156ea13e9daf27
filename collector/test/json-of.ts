/** The JSON of an answer, taken on trust for what the test says it is. */
export async function jsonOf<Answer>(answer: Response): Promise<Answer> {
  return JSON.parse(await answer.text());
}
