DROP TABLE refresh_token;
DROP TABLE session;
DROP TABLE account_grant;
DROP TABLE account;
DROP TABLE department;
