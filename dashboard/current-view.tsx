import { View } from './elements/view.js';
import { linkTo, usePlace } from './hooks/place.js';
import { UsersView } from './views/users/users-view.js';

/** The view that the address names. */
export function CurrentView() {
  const { path } = usePlace();
  const [view = 'users'] = path;
  if (view === 'users') return <UsersView />;
  return (
    <View title="Nothing is here">
      <p>
        The address names no view. <a href={linkTo(['users'])}>Go to the users</a>
      </p>
    </View>
  );
}
