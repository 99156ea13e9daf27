import { Link } from "../router.tsx";
import { View } from "../view.tsx";

/** For addresses that lead nowhere. */
export function NotFound() {
  return (
    <View title="Washed away">
      <p className="lead">There is nothing at this address. It may have been, before the tide.</p>
      <Link className="button" to="/">
        Back to the shore
      </Link>
    </View>
  );
}
