// Signing in, and making an account.
import { useLingui } from "@lingui/react/macro";
import { Screen } from "../ui/Screen";

export default function SignInScreen({ isNew }: { readonly isNew: boolean }) {
  const { t } = useLingui();
  return <Screen title={isNew ? t`Create your account` : t`Sign in`}>{null}</Screen>;
}
