/** The one place that knows Nest's metadata keys: they are exported, but not promised. */
export {
  FILTER_CATCH_EXCEPTIONS,
  GUARDS_METADATA,
  MODULE_PATH,
  OPTIONAL_PROPERTY_DEPS_METADATA,
  PATH_METADATA,
  PROPERTY_DEPS_METADATA,
  SCOPE_OPTIONS_METADATA,
} from '@nestjs/common/constants.js';
