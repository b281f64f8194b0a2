import { Controller } from '@nestjs/common';
import { AppRoute } from './wire/routes.js';

/** What other cores sell, under the names that drivers know. */
const FEATURES = ['account_linking', 'multi_tenancy', 'dashboard_login', 'mfa', 'security', 'oauth', 'saml'];

/** Nothing is licensed here: every key is welcome, and every feature on. */
@Controller('ee')
export class LicenseController {
  @AppRoute('GET', 'featureflag')
  featureFlags() {
    return { status: 'OK', features: FEATURES, usageStats: {} };
  }

  @AppRoute('PUT', 'license')
  setLicense() {
    return { status: 'OK' };
  }

  @AppRoute('DELETE', 'license')
  deleteLicense() {
    return { status: 'OK' };
  }

  @AppRoute('GET', 'license')
  getLicense() {
    return { status: 'NO_LICENSE_KEY_FOUND_ERROR' };
  }
}
