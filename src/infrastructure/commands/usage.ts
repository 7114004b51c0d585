/** The usage text of the operator's commands. */

export const USAGE = `npm run migrate -- up             runs every migration that has not run
npm run migrate -- down [n]       takes back the newest n migrations (1)
npm run migrate -- status         says which have not run
npm run backup -- <folder>        puts a new backup into the folder; the servers may run
npm run restore -- <backup>       checks a backup and restores it; with --replace also where there is a database
npm run keys:rotate               brings everything encrypted under the first of FERNET_KEYS
npm run admin:reset -- [login]    gives an admin a new password: the only one, or by e-mail or username
npm run audit:verify              finds the first broken link of the audit's chain; the server may run
npm run audit:verify -- <head>    also that the chain still goes through a head that was told before
npm run library -- read <path...> prints the passages of documents as they would be cited
`;
